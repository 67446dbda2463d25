module himsg/frontend

go 1.26
