package ops

import (
	"fmt"
	"syscall"
)

// networkFS are the numbers of file systems that are on another machine (statfs(2), magic.h). FUSE is not among them: it is local
// as often as not.
var networkFS = map[int64]string{
	0x6969: "NFS", 0x517B: "SMB", 0xFF534D42: "CIFS", 0xFE534D42: "SMB", 0x01021997: "9P", 0x5346414F: "AFS", 0x6B414653: "AFS",
	0x00C36400: "Ceph", 0x0BD00BD0: "Lustre", 0x013111A8: "IBRIX", 0x7461636F: "OCFS2", 0x01161970: "GFS2", 0x73757245: "Coda", 0x564C: "NCP",
}

// NetworkFS names the network file system that a path is on; "" for a local one.
func NetworkFS(path string) (string, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(path, &st); err != nil {
		return "", fmt.Errorf("ask for the file system: %w", err)
	}
	return networkFS[int64(st.Type)&0xFFFFFFFF], nil
}
