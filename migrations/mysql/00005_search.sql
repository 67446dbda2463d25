-- +goose Up
-- The search index is a file beside each server (sqlstore/searchfile.go), not tables here.
select 1;
