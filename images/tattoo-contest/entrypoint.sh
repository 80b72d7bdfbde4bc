#!/bin/sh
# Links the volume's folders to the paths that the app uses, then runs the command as the user `contest`.
# STORAGE_FOLDERS is "/app/data=/app/storage/data,…", set by the deployment.
set -eu

IFS=,
for pair in ${STORAGE_FOLDERS:-}; do
  link=${pair%%=*}
  folder=${pair#*=}
  mkdir -p "$folder"
  chown contest:contest "$folder"
  if [ -d "$link" ] && [ ! -L "$link" ]; then
    # The image's own folder may hold files; they go to the volume, never over what is there.
    cp -an "$link/." "$folder/"
    rm -rf "$link"
  fi
  ln -sfn "$folder" "$link"
done
unset IFS

exec su-exec contest "$@"
