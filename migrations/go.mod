module himsg/migrations

go 1.26
