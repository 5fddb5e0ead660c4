#!/bin/sh
# Scores: many short commits, single ones of a branch worth picking, an ignored file.
set -e
commit() { # author, day, subject
  email="${1%% *}@example.org"
  GIT_AUTHOR_NAME="$1" GIT_AUTHOR_DATE="2026-02-$2T19:45:00Z" GIT_AUTHOR_EMAIL="$email" GIT_COMMITTER_EMAIL="$email" GIT_COMMITTER_NAME="$1" GIT_COMMITTER_DATE="2026-02-$2T19:45:00Z" \
    git commit --quiet --all --message "$3"
}
git init --quiet --template= --initial-branch=main choir-scores
cd choir-scores
mkdir alto bass
printf '*.draft\n' > .gitignore
printf 'Evening on the Weir, 3 pages\n' > alto/evening.txt
git add . && commit 'Ruta Kalnina' 01 'Scan the alto part of Evening on the Weir'
printf 'Evening on the Weir, 2 pages\n' > bass/evening.txt
git add . && commit 'Ruta Kalnina' 02 'Scan the bass part'
printf 'Evening on the Weir, 3 pages, bar 12 has a fermata\n' > alto/evening.txt
commit 'Hugo Lind' 05 'Mark the fermata in bar 12'
git tag spring-concert
git checkout --quiet -b encore
printf 'Sleigh in Thaw, 1 page\n' > alto/sleigh.txt
git add . && commit 'Hugo Lind' 08 'Add an encore for the altos'
printf 'Sleigh in Thaw, 1 page\n' > bass/sleigh.txt
git add . && commit 'Hugo Lind' 09 'Add the same encore for the basses'
git checkout --quiet -b large-print main
printf 'Evening on the Weir, 4 pages, large print\n' > bass/evening.txt
commit 'Ruta Kalnina' 10 'Set the bass part in large print'
git checkout --quiet main
printf 'Rehearsals move to the boat house.\n' > rehearsals.txt
git add . && commit 'Ruta Kalnina' 11 'Announce the boat house'
printf 'Evening on the Weir, 2 pages, breathe after bar 8\n' > bass/evening.txt
printf 'Seats: 14 altos, 9 basses\n' > seating.txt
printf 'order not settled\n' > programme.draft
