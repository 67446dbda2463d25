// Command himsg-clock is "himsg-server serve" with a clock that can be set, for the fault clock-jumps of himsg-bench. It takes
// serve's flags, and from its standard input, one a line, how far its clock is ahead of the machine's ("24h", "-24h", "0s").
// It is never shipped: the server that is has no such door.
package main

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"himsg/server/cmd/internal/door"
)

func main() {
	c := &clock{}
	door.Program{Name: "himsg-clock", Now: c.now, Follow: c.follow}.Main()
}

// follow sets the clock as it is told.
func (c *clock) follow(in io.Reader, log io.Writer) {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		ahead, err := time.ParseDuration(lines.Text())
		if err != nil {
			fmt.Fprintln(log, "himsg-clock:", err)
			continue
		}
		c.set(ahead)
	}
}
