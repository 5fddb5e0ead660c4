#!/bin/sh
# A small firmware project: one branch that merges cleanly, one edit under way, one new file.
set -e
commit() { # author, day, subject
  email="${1%% *}@example.org"
  GIT_AUTHOR_NAME="$1" GIT_AUTHOR_DATE="2026-01-$2T09:00:00Z" GIT_AUTHOR_EMAIL="$email" GIT_COMMITTER_EMAIL="$email" GIT_COMMITTER_NAME="$1" GIT_COMMITTER_DATE="2026-01-$2T09:00:00Z" \
    git commit --quiet --all --message "$3"
}
git init --quiet --template= --initial-branch=main tide-station
cd tide-station
mkdir src docs
printf 'interval = 600\nport = 4\n' > src/sampler.conf
printf '# Tide station\n\nReads the water level every ten minutes.\n' > README.md
git add . && commit 'Ilse Maron' 05 'Read the level gauge every ten minutes'
printf 'alarm_cm = 210\n' > src/alarm.conf
git add . && commit 'Tomek Sarr' 08 'Sound the alarm above the quay edge'
git tag v0.1.0
git branch gauge-calibration
git branch low-power
printf '# Gauge\n\nClean the tube each spring.\n' > docs/gauge.md
git add . && commit 'Ilse Maron' 12 'Describe how to clean the gauge tube'
git checkout --quiet gauge-calibration
printf 'offset_cm = -3\n' > src/offset.conf
git add . && commit 'Tomek Sarr' 13 'Subtract the winter offset'
printf 'offset_cm = -3\nslope = 1.02\n' > src/offset.conf
commit 'Tomek Sarr' 14 'Correct the slope of the new gauge'
git checkout --quiet low-power
printf 'interval = 900\nport = 4\n' > src/sampler.conf
commit 'Ilse Maron' 15 'Sleep longer between two readings'
git checkout --quiet main
printf 'alarm_cm = 205\n' > src/alarm.conf
printf 'Buoy 7 drifts two metres at spring tide.\n' > docs/buoy-7.md
