// Package bare is the server that ours is measured beside: the same WebSocket library, which upgrades and hands what one
// connection says to all others, and nothing else; or, when it stores, writes it into a file, waits for the disk, and hands it to one
// other and back. It runs in a process of its own, as ours does.
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
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// Options are the flags of "himsg-bench bare", which is that process. It writes its address, and ends with its standard input.
type Options struct {
	Store string `placeholder:"FILE" help:"Store each frame here before it is handed on: to the neighbour of the number in its URL, and back."`
}

// crowd is who is connected.
type crowd struct {
	mu    sync.RWMutex
	all   map[*one]bool
	named map[int]*one // by number, when frames are stored

	storing sync.Mutex
	store   *os.File // nil: nothing is
}

// one is a connection; its lock lets one frame after the other out.
type one struct {
	write  sync.Mutex
	ws     *websocket.Conn
	number int // of pairs: 0 and 1, 2 and 3, …
}

// Serve is that process.
func Serve(ctx context.Context, o Options, in io.Reader, out io.Writer) error {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	c := &crowd{all: map[*one]bool{}, named: map[int]*one{}}
	if o.Store != "" {
		if c.store, err = os.OpenFile(o.Store, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600); err != nil {
			return fmt.Errorf("open store: %w", err)
		}
		defer func() { _ = c.store.Close() }() // each frame was synced
	}
	// The buffers of the server's own.
	upgrader := websocket.Upgrader{ReadBufferSize: 512, WriteBufferPool: &sync.Pool{}}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return // it was answered
		}
		number, _ := strconv.Atoi(r.URL.Query().Get("number")) // who gives none is handed to by all
		c.serve(&one{ws: ws, number: number})
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
	c.all[o], c.named[o.number] = true, o
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
		if c.store == nil {
			c.hand(o, prepared)
			continue
		}
		if c.keep(frame) != nil {
			return // which the bench sees
		}
		c.mu.RLock()
		for _, to := range []*one{c.named[o.number^1], o} {
			if to != nil {
				to.say(prepared)
			}
		}
		c.mu.RUnlock()
	}
}

// keep writes a frame and waits until the disk has it.
func (c *crowd) keep(frame []byte) error {
	c.storing.Lock()
	defer c.storing.Unlock()
	if _, err := c.store.Write(frame); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := c.store.Sync(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

func (o *one) say(frame *websocket.PreparedMessage) {
	o.write.Lock()
	defer o.write.Unlock()
	_ = o.ws.WritePreparedMessage(frame) // one that is gone is no loss here: the bench misses it
}

func (c *crowd) hand(from *one, frame *websocket.PreparedMessage) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for o := range c.all {
		if o == from {
			continue
		}
		o.say(frame)
	}
}

// Process is such a process.
type Process struct {
	cmd     *exec.Cmd
	in      io.Closer
	address string
}

// Start starts one. Close ends it.
func Start(ctx context.Context, o Options) (*Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	args := []string{"bare"}
	if o.Store != "" {
		args = append(args, "--store", o.Store)
	}
	p := &Process{cmd: exec.CommandContext(ctx, self, args...)} //nolint:gosec // G204: ourselves
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
