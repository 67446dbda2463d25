// Package cargo measures how fast files go up and down, one and many at once, each figure beside its limit in the same run:
// the same bytes copied and fsynced on the same disk, and handed out by a bare http.ServeContent. The server's memory is
// watched meanwhile: it must not grow with the files. himsg-bench imports the package. Start with Run.
package cargo
