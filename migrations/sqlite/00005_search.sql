-- +goose Up
-- SQLite's search index is a file of its own, which the server makes and renews (sqlstore/searchfile.go): writing it must
-- not take the one write lock of this file from new messages.
select 1;
