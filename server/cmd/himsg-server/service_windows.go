package main

import (
	"bytes"
	"context"
	"strings"
	"time"

	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/eventlog"
)

// serviceName is the service's, and that of its source in the event log. The installer makes both.
const serviceName = "himsg-server"

// stopTime is what Windows is told that a stop may take; the server needs 8 s at most.
const stopTime = 15 * time.Second

// The number of our entries in the event log. The texts come from EventCreate.exe, which knows 1 to 1000.
const eventFailed = 1

// asService runs the command as the Windows service that this process was started as, if it was.
func asService(args []string) (code int, is bool) {
	is, err := svc.IsWindowsService()
	if err != nil || !is {
		return 0, false
	}
	s := &service{args: args}
	if err := svc.Run(serviceName, s); err != nil {
		tell(err.Error())
		return exitFailed, true
	}
	return s.code, true
}

// service does one command until Windows stops it.
type service struct {
	args []string
	code int
}

// Execute implements svc.Handler.
func (s *service) Execute(_ []string, asked <-chan svc.ChangeRequest, says chan<- svc.Status) (specific bool, code uint32) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var last tail
	done := make(chan int, 1)
	go func() { done <- run(ctx, s.args, terminal{strings.NewReader(""), &last, &last}) }()
	says <- svc.Status{State: svc.Running, Accepts: svc.AcceptStop | svc.AcceptShutdown}
	for {
		select {
		case s.code = <-done:
			if s.code != exitDone {
				tell(last.String())
			}
			return true, uint32(s.code)
		case r := <-asked:
			switch r.Cmd {
			case svc.Interrogate:
				says <- r.CurrentStatus
			case svc.Stop, svc.Shutdown:
				says <- svc.Status{State: svc.StopPending, WaitHint: uint32(stopTime / time.Millisecond)}
				cancel()
			}
		}
	}
}

// tell leaves a text in Windows' event log, where an administrator looks when a service does not start.
func tell(text string) {
	log, err := eventlog.Open(serviceName)
	if err != nil {
		return // there is nowhere to say it
	}
	_ = log.Error(eventFailed, text) // the same
	_ = log.Close()
}

// tail keeps the end of what was written: the line that says why a command failed.
type tail struct{ bytes.Buffer }

const tailBytes = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	if t.Len()+len(p) > tailBytes {
		t.Reset()
	}
	if len(p) > tailBytes {
		t.Buffer.Write(p[len(p)-tailBytes:])
		return len(p), nil
	}
	return t.Buffer.Write(p)
}
