-- +goose Up
-- Takes the place of the one that MySQL made for the foreign key, so that both dialects have the same.
create index sessions_device on sessions (device_id);
