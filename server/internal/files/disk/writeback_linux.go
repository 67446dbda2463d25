package disk

import (
	"os"
	"syscall"
)

// beginWriteback lets the kernel begin to bring a range to the disk, so that it works while the next bytes come and a sync has
// less to wait for. It promises nothing, so that an error is none; see sync_file_range(2).
func beginWriteback(f *os.File, at, n int64) {
	const write = 2 // SYNC_FILE_RANGE_WRITE
	if raw, err := f.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { _ = syscall.SyncFileRange(int(fd), at, n, write) })
	}
}
