package api

import (
	"io"
	"net/http"
	"time"
)

// A request that moves a file may take as long as it takes, as long as it moves: its deadline moves on with every step of
// bytes. Whoever is slower than a step in paceTime (about 500 bytes a second) is cut off.
const (
	paceTime  = 30 * time.Second
	paceStep  = 16 << 10
	sendStep  = 256 << 10 // what is handed to the kernel at once; its own buffers hold as much
	pauseTime = 60 * time.Second
)

// pace moves the deadlines of one request on.
type pace struct {
	control *http.ResponseController
	now     func() time.Time
}

func (a *API) pace(w http.ResponseWriter) pace {
	return pace{http.NewResponseController(w), a.o.Now}
}

// go on gives the client time for the next step. A connection that knows no deadlines has none to move.
func (p pace) step() {
	_ = p.control.SetReadDeadline(p.now().Add(paceTime))
	_ = p.control.SetWriteDeadline(p.now().Add(paceTime + pauseTime))
}

// rest gives the server time for its own work, before it answers.
func (p pace) rest(d time.Duration) {
	_ = p.control.SetWriteDeadline(p.now().Add(d + pauseTime))
}

// pacedBody is a request's body whose deadline moves on with it.
type pacedBody struct {
	io.Reader
	pace  pace
	since int // bytes since the last step
}

func (p pace) body(r io.Reader) *pacedBody {
	p.step()
	return &pacedBody{Reader: r, pace: p}
}

// Read implements io.Reader.
func (b *pacedBody) Read(buffer []byte) (int, error) {
	n, err := b.Reader.Read(buffer)
	if b.since += n; b.since >= paceStep {
		b.since = 0
		b.pace.step()
	}
	return n, err
}

// pacedWriter is an answer whose deadline moves on with it.
type pacedWriter struct {
	http.ResponseWriter
	pace pace
}

// Write implements io.Writer.
func (w *pacedWriter) Write(p []byte) (int, error) {
	w.pace.step()
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController through.
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// ReadFrom implements io.ReaderFrom, in steps that the kernel can send from a file without copying it.
func (w *pacedWriter) ReadFrom(r io.Reader) (sent int64, err error) {
	limited, ok := r.(*io.LimitedReader) // what http.ServeContent hands over
	if !ok {
		limited = &io.LimitedReader{R: r, N: 1<<63 - 1}
	}
	for limited.N > 0 {
		w.pace.step()
		chunk := &io.LimitedReader{R: limited.R, N: min(limited.N, sendStep)}
		n, err := io.Copy(w.ResponseWriter, chunk)
		sent += n
		limited.N -= n
		if err != nil || n == 0 {
			return sent, err
		}
	}
	return sent, nil
}
