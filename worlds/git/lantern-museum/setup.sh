#!/bin/sh
# A catalogue whose uncommitted edit stands in the way of a branch: stash or commit before switching.
set -e
commit() { # author, day, subject
  email="${1%% *}@example.org"
  GIT_AUTHOR_NAME="$1" GIT_AUTHOR_DATE="2026-01-$2T11:15:00Z" GIT_AUTHOR_EMAIL="$email" GIT_COMMITTER_EMAIL="$email" GIT_COMMITTER_NAME="$1" GIT_COMMITTER_DATE="2026-01-$2T11:15:00Z" \
    git commit --quiet --all --message "$3"
}
git init --quiet --template= --initial-branch=main lantern-museum
cd lantern-museum
mkdir catalogue
printf 'Storm lantern, brass, room 2\n' > catalogue/brass.txt
printf 'Paper lantern, red, room 5\n' > catalogue/paper.txt
git add . && commit 'Pia Osei' 03 'List the lanterns of rooms 2 and 5'
git tag --annotate --message 'Catalogue as printed' printed-2025
printf 'Storm lantern, brass, room 2\nPit lantern, brass, room 3\n' > catalogue/brass.txt
commit 'Emil Roth' 07 'Add the pit lantern'
git checkout --quiet -b winter-loans
mkdir -p loans
printf 'Paper lantern: lent until 1 March\n' > loans/winter.txt
printf 'Paper lantern, red, on loan\n' > catalogue/paper.txt
git add . && commit 'Pia Osei' 17 'Lend the paper lantern'
git checkout --quiet -b room-renumbering main~1
printf 'Storm lantern, brass, room 12\n' > catalogue/brass.txt
commit 'Emil Roth' 19 'Number the upper floor from 10'
git checkout --quiet main
mkdir -p loans
printf 'Insurance value is reviewed in May.\n' > loans/insurance.txt
git add . && commit 'Pia Osei' 21 'Note when values are reviewed'
printf 'Paper lantern, red, room 6\n' > catalogue/paper.txt
printf 'Signal lantern, green, arrived without papers\n' > catalogue/unsorted.txt
