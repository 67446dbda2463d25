package simulate

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// Options are the flags of "himsg-bench simulate".
type Options struct {
	Clients []int         `default:"1000,10000,30000,100000,1000000" help:"Numbers of clients; one line for each."`
	Cores   []float64     `default:"2,8,32,128" help:"Cores of all servers together; one column for each."`
	Connect time.Duration `default:"1ms" help:"Of a core, until a client is connected; measured: the fault everyone-back."`
	Resume  time.Duration `default:"2ms" help:"Of a core, until it holds what it missed; measured there too."`
	Down    time.Duration `default:"1s" help:"From the kill until servers listen."`
	Spread  time.Duration `help:"Clients learn of the kill within this: 0 when a process dies, 60s when a machine does."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	for _, n := range o.Clients {
		if n < 1 || n > 5_000_000 {
			return errors.New("--clients is 1 to 5000000")
		}
	}
	for _, n := range o.Cores {
		if n <= 0 {
			return errors.New("--cores is more than 0")
		}
	}
	if o.Connect <= 0 || o.Resume < 0 || o.Down < 0 || o.Spread < 0 {
		return errors.New("--connect is more than 0, the other times at least 0")
	}
	return nil
}

// Run writes the table.
func Run(o Options, out io.Writer) error {
	_, err := fmt.Fprintf(out, "seconds until all are back, a client costs %v + %v of a core\n%10s", o.Connect, o.Resume, "clients")
	for _, cores := range o.Cores {
		if err == nil {
			_, err = fmt.Fprintf(out, " %12s", fmt.Sprint(cores, " cores"))
		}
	}
	for _, clients := range o.Clients {
		if err == nil {
			_, err = fmt.Fprintf(out, "\n%10d", clients)
		}
		for _, cores := range o.Cores {
			all := Return{Clients: clients, Cores: cores, Connect: o.Connect, Resume: o.Resume, Down: o.Down, Spread: o.Spread, Seed: 1}.Run()
			if err == nil {
				_, err = fmt.Fprintf(out, " %12.1f", all.All.Seconds())
			}
		}
	}
	if err == nil {
		_, err = fmt.Fprintln(out)
	}
	if err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return nil
}
