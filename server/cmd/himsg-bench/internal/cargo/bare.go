package cargo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// bare hands out the server's own files with http.ServeContent and nothing else, to the app's client: the limit of fetch.
type bare struct {
	w        *warehouse
	server   *http.Server
	ended    chan error
	sessions []*client.Session
}

func (w *warehouse) openBare(ctx context.Context) (*bare, error) {
	paths, err := w.blobs()
	if err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	b := &bare{w: w, ended: make(chan error, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/download-file/{number}", func(out http.ResponseWriter, r *http.Request) {
		serveOne(out, r, paths)
	})
	b.server = &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { b.ended <- b.server.Serve(listener) }()
	for range w.people {
		s, err := bareSession("http://" + listener.Addr().String())
		if err != nil {
			return nil, errors.Join(err, b.close())
		}
		b.sessions = append(b.sessions, s)
	}
	return b, nil
}

func serveOne(out http.ResponseWriter, r *http.Request, paths []string) {
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 0 || number >= len(paths) {
		http.NotFound(out, r)
		return
	}
	f, err := os.Open(paths[number])
	if err != nil {
		http.Error(out, err.Error(), http.StatusInternalServerError)
		return
	}
	defer func() { _ = f.Close() }() // only read
	http.ServeContent(out, r, "", time.Time{}, f)
}

func (b *bare) fetch(ctx context.Context) (time.Duration, error) {
	return b.w.together(func(i int) error {
		file := wire.File{FileID: strconv.Itoa(i), Size: b.w.bulk.Size, SHA256: b.w.bulk.SHA256}
		return b.sessions[i].Download(ctx, file, rig.NewArrival(), nil)
	})
}

func (b *bare) close() error {
	for _, s := range b.sessions {
		s.Close()
		s.HTTP().Close()
	}
	err := b.server.Close()
	if ended := <-b.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}
