package app

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"himsg/server/internal/files/disk"
	"himsg/server/internal/files/s3"
	"himsg/server/internal/ops"
)

// files looks whether bytes of files can be stored. It names no address of a bucket: there is a secret in it.
func (x examination) files(ctx context.Context) []ops.Finding {
	if inBucket(x.c.Store) {
		if _, err := s3.Open(ctx, x.c.Files); err != nil {
			return one(ops.Bad("%v", err))
		}
		return one(ops.OK("the bucket answers"))
	}
	dir := filesDir(x.c.Store)
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return one(ops.Warn("%s does not exist yet; the first start makes it", dir))
	case err != nil:
		return one(ops.Bad("%v", err))
	}
	store, err := disk.Open(dir)
	if err == nil {
		err = store.Ping(ctx)
	}
	if err != nil {
		return one(ops.Bad("%s can't be written: %v", dir, err))
	}
	found := one(ops.OK("%s is writable", dir))
	if forOthers(info) {
		found = append(found, ops.Warn("others on this machine may look into %s (mode %v); 0700 is enough", dir, info.Mode().Perm()))
	}
	if free, total, err := ops.FreeDisk(dir); err == nil && free < littleDisk {
		found = append(found, ops.Warn("only %d MiB are free of %d for files", free>>20, total>>20))
	}
	return found
}

func (x examination) scanner(ctx context.Context) []ops.Finding {
	s := scanner(Options{Config: x.c.Serve, Now: SystemClock})
	if s == nil {
		return one(ops.OK("no --clamd: files are not looked at for malware"))
	}
	if err := s.Ping(ctx); err != nil {
		return one(ops.Bad("%v", err))
	}
	return one(ops.OK("%s answers", x.c.Clamd))
}
