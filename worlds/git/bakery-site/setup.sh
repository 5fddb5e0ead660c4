#!/bin/sh
# A web site: a branch that conflicts with main, one that does not, a file staged and one not tracked.
set -e
commit() { # author, day, subject
  email="${1%% *}@example.org"
  GIT_AUTHOR_NAME="$1" GIT_AUTHOR_DATE="2026-01-$2T07:30:00Z" GIT_AUTHOR_EMAIL="$email" GIT_COMMITTER_EMAIL="$email" GIT_COMMITTER_NAME="$1" GIT_COMMITTER_DATE="2026-01-$2T07:30:00Z" \
    git commit --quiet --all --message "$3"
}
git init --quiet --template= --initial-branch=main bakery-site
cd bakery-site
printf 'Rye loaf 4.20\nPlain bun 0.90\n' > menu.txt
printf 'Tuesday to Saturday, 6 to 13\n' > hours.txt
git add . && commit 'Nadja Brink' 04 'Put menu and opening hours online'
git tag opening-day
git branch spring-menu
git branch sunday-hours
printf 'Rye loaf 4.40\nPlain bun 0.95\n' > menu.txt
commit 'Nadja Brink' 09 'Raise prices for the new flour'
printf 'Lindgasse 12, ring twice\n' > contact.txt
git add . && commit 'Oke Faber' 11 'Say where to ring'
git checkout --quiet spring-menu
printf 'Rye loaf 4.20\nPlain bun 0.90\nRhubarb slice 2.80\n' > menu.txt
commit 'Oke Faber' 16 'Add the rhubarb slice'
git checkout --quiet sunday-hours
printf 'Tuesday to Sunday, 6 to 13\n' > hours.txt
commit 'Nadja Brink' 18 'Open on Sundays'
git checkout --quiet main
printf 'Closed in the second week of August\n' > holidays.txt
git add holidays.txt
printf 'Ask for the seeded roll first.\n' > counter-notes.txt
