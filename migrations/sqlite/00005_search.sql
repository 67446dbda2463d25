-- +goose Up
-- The search index is a file of its own beside each server (sqlstore/searchfile.go): writing it must not take the one write
-- lock of this file from new messages.
select 1;
