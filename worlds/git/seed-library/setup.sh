#!/bin/sh
# Work stopped on a side branch, everything committed there but one new file.
set -e
commit() { # author, day, subject
  email="${1%% *}@example.org"
  GIT_AUTHOR_NAME="$1" GIT_AUTHOR_DATE="2026-01-$2T14:20:00Z" GIT_AUTHOR_EMAIL="$email" GIT_COMMITTER_EMAIL="$email" GIT_COMMITTER_NAME="$1" GIT_COMMITTER_DATE="2026-01-$2T14:20:00Z" \
    git commit --quiet --all --message "$3"
}
git init --quiet --template= --initial-branch=stable seed-library
cd seed-library
mkdir drawers
printf 'Marrowfat pea, 2024\n' > drawers/a.txt
printf 'Golden beet, 2023\n' > drawers/b.txt
git add . && commit 'Mirela Duda' 06 'Label drawers a and b'
printf 'Return twice what you took.\n' > rules.txt
git add . && commit 'Ansel Quist' 10 'Write down the lending rule'
git tag doors-open
printf 'Marrowfat pea, 2025\n' > drawers/a.txt
commit 'Mirela Duda' 20 'Refill the peas'
git checkout --quiet -b germination-tests
printf 'Golden beet: 17 of 20 came up\n' > tests.txt
git add . && commit 'Ansel Quist' 22 'Test the golden beet'
printf 'Golden beet: 17 of 20 came up\nMarrowfat pea: 20 of 20 came up\n' > tests.txt
commit 'Ansel Quist' 24 'Test the marrowfat pea'
git branch drawer-c stable~1
printf 'Blue poppy, needs frost first\n' > drawers/c.txt
