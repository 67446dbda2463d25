-- +goose Up
-- Who deletes a device must find its sessions; MySQL has this index for its foreign key anyway.
create index sessions_device on sessions (device_id);
