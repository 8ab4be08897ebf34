package s3delivery

import (
	"strings"
	"testing"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/api"
	"github.com/s3seal/s3seal/localaws/internal/s3"
)

// What ends a delivery doesn't end the process, nor the deliveries that follow.
func TestAPanicOfADeliveryIsLogged(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	tick := make(chan time.Time)
	d := New(Options{Tick: tick, Log: api.NewLog(&log)}) // without a clock
	d.add(s3.ServerLogging{Source: "a", Target: "b"}, record{})
	tick <- time.Time{}
	tick <- time.Time{} // taken when the delivery of the first is over
	d.Close()
	if !strings.Contains(log.String(), "panic: runtime error: ") || !strings.Contains(log.String(), ", delivery of logs\n") {
		t.Errorf("log: %s", log.String())
	}
}
