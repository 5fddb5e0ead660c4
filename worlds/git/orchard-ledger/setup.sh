#!/bin/sh
# A ledger on `trunk`: changes put aside in a stash, two release tags, a branch ahead by two.
set -e
commit() { # author, day, subject
  email="${1%% *}@example.org"
  GIT_AUTHOR_NAME="$1" GIT_AUTHOR_DATE="2026-02-$2T16:00:00Z" GIT_AUTHOR_EMAIL="$email" GIT_COMMITTER_EMAIL="$email" GIT_COMMITTER_NAME="$1" GIT_COMMITTER_DATE="2026-02-$2T16:00:00Z" \
    git commit --quiet --all --message "$3"
}
git init --quiet --template= --initial-branch=trunk orchard-ledger
cd orchard-ledger
mkdir rows
printf 'tree,kg\nBoskoop 3,41\n' > rows/north.csv
printf 'tree,kg\nQuince 1,12\n' > rows/south.csv
git add . && commit 'Wanda Ilic' 02 'Weigh the first crates'
git tag harvest-1
printf 'tree,kg\nBoskoop 3,41\nBoskoop 4,38\n' > rows/north.csv
commit 'Wanda Ilic' 06 'Weigh the fourth Boskoop'
printf 'Price per kilo: 1.15\n' > prices.txt
git add . && commit 'Jonas Peel' 10 'Fix the price for the juice press'
git tag harvest-2
git checkout --quiet -b graft-records
printf 'graft,on\nRusset,Quince 1\n' > rows/grafts.csv
git add . && commit 'Jonas Peel' 12 'Record the russet graft'
printf 'graft,on\nRusset,Quince 1\nPearmain,Boskoop 4\n' > rows/grafts.csv
commit 'Jonas Peel' 13 'Record the pearmain graft'
git checkout --quiet trunk
printf 'tree,kg\nQuince 1,12\nQuince 2,9\n' > rows/south.csv
GIT_AUTHOR_DATE=2026-02-14T16:00:00Z GIT_COMMITTER_DATE=2026-02-14T16:00:00Z git stash push --quiet --message 'second quince, weight not checked'
printf 'Ladder is in the far shed.\n' > reminders.txt
