// Package bare is the server that ours is measured beside: the same WebSocket library, which upgrades and hands what one
// connection says to all others, and nothing else. It runs in a process of its own, as ours does.
package bare

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// Options are the flags of "himsg-bench bare", which is that process. It writes its address, and ends with its standard input.
type Options struct{}

// crowd is who is connected.
type crowd struct {
	mu  sync.RWMutex
	all map[*one]bool
}

// one is a connection; its lock lets one frame after the other out.
type one struct {
	write sync.Mutex
	ws    *websocket.Conn
}

// Serve is that process.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	c := &crowd{all: map[*one]bool{}}
	// The buffers of the server's own.
	upgrader := websocket.Upgrader{ReadBufferSize: 512, WriteBufferPool: &sync.Pool{}}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return // it was answered
		}
		c.serve(&one{ws: ws})
	})}
	go func() {
		_, _ = io.Copy(io.Discard, in) // until the bench ends
		_ = server.Close()
	}()
	if _, err := fmt.Fprintln(out, listener.Addr()); err != nil {
		return fmt.Errorf("say the address: %w", err)
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

func (c *crowd) serve(o *one) {
	c.mu.Lock()
	c.all[o] = true
	c.mu.Unlock()
	o.write.Lock()
	_ = o.ws.WriteMessage(websocket.TextMessage, []byte("in")) // now it hears what the others say
	o.write.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.all, o)
		c.mu.Unlock()
		_ = o.ws.Close()
	}()
	for {
		_, frame, err := o.ws.ReadMessage()
		if err != nil {
			return
		}
		prepared, err := websocket.NewPreparedMessage(websocket.TextMessage, frame)
		if err != nil {
			return
		}
		c.hand(o, prepared)
	}
}

func (c *crowd) hand(from *one, frame *websocket.PreparedMessage) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for o := range c.all {
		if o == from {
			continue
		}
		o.write.Lock()
		_ = o.ws.WritePreparedMessage(frame) // one that is gone is no loss here: the bench misses it
		o.write.Unlock()
	}
}

// Process is such a process.
type Process struct {
	cmd     *exec.Cmd
	in      io.Closer
	address string
}

// Start starts one. Close ends it.
func Start(ctx context.Context) (*Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	p := &Process{cmd: exec.CommandContext(ctx, self, "bare")} //nolint:gosec // G204: ourselves
	p.cmd.SysProcAttr, p.cmd.Stderr = rig.EndWithParent(), os.Stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	p.in = in
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start bare server: %w", err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bare server says no address: %w", err), p.Close())
	}
	p.address = strings.TrimSpace(line)
	return p, nil
}

// PID is the process's id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// URL is where it takes connections.
func (p *Process) URL() string { return "ws://" + p.address + "/ws" }

// Close ends it.
func (p *Process) Close() error {
	_ = p.in.Close()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("bare server: %w", err)
	}
	return nil
}
