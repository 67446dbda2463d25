// Command himsg-profiled is "himsg-server serve" that can say where its time and memory go, for `make bench-profiles`. It takes serve's
// flags, and from its standard input, one a line, "begin" and "end PATH": what it did in between is written to PATH.cpu.pprof,
// PATH.allocs.pprof and PATH.mutex.pprof, the processor's last. It is never shipped: the server that is has no such door.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"

	"himsg/server/cmd/internal/door"
	"himsg/server/internal/app"
)

// mutexes is of how many waits for a lock one is looked at.
const mutexes = 10

func main() {
	runtime.SetMutexProfileFraction(mutexes)
	door.Program{Name: "himsg-profiled", Now: app.SystemClock, Follow: follow}.Main()
}

// follow begins and ends profiles as it is told.
func follow(in io.Reader, log io.Writer) {
	var cpu bytes.Buffer
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var err error
		if path, ends := strings.CutPrefix(lines.Text(), "end "); ends {
			err = end(&cpu, path)
		} else {
			cpu.Reset()
			err = pprof.StartCPUProfile(&cpu)
		}
		if err != nil {
			fmt.Fprintln(log, "himsg-profiled:", err)
		}
	}
}

// end writes the profiles. Who waits for them waits for the last one.
func end(cpu *bytes.Buffer, path string) error {
	pprof.StopCPUProfile()
	for _, name := range []string{"allocs", "mutex"} {
		var profile bytes.Buffer
		if err := pprof.Lookup(name).WriteTo(&profile, 0); err != nil {
			return fmt.Errorf("write the profile %s: %w", name, err)
		}
		if err := store(path+"."+name+".pprof", profile.Bytes()); err != nil {
			return err
		}
	}
	return store(path+".cpu.pprof", cpu.Bytes())
}

// store makes a file that is whole as soon as it is there.
func store(path string, profile []byte) error {
	err := os.WriteFile(path+".part", profile, 0o600)
	if err == nil {
		err = os.Rename(path+".part", path)
	}
	if err != nil {
		return fmt.Errorf("store a profile: %w", err)
	}
	return nil
}
