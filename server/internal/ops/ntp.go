package ops

import (
	"fmt"
	"time"

	"github.com/beevik/ntp"
)

// ntpWait bounds a question to a server of times.
const ntpWait = 5 * time.Second

// NTPOffset is by how much a server of times (host, or host:port) is ahead of this machine's clock.
func NTPOffset(host string) (time.Duration, error) {
	answer, err := ntp.QueryWithOptions(host, ntp.QueryOptions{Timeout: ntpWait})
	if err == nil {
		err = answer.Validate()
	}
	if err != nil {
		return 0, fmt.Errorf("ask for the time: %w", err)
	}
	return answer.ClockOffset, nil
}
