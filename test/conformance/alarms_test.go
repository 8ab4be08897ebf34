package conformance

import (
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/alarm"
)

// TestAlarmsNameAHeading: whoever is called at night follows the link of the
// alarm's text, and stands at what to do.
func TestAlarmsNameAHeading(t *testing.T) {
	t.Parallel()
	found := anchors(read(t, docs+"rotation.md"))
	for _, a := range []alarm.Alarm{alarm.RotationFailed(), alarm.RingNearlyFull(), alarm.OldKey(90)} {
		if _, anchor, ok := strings.Cut(a.Text, "/docs/rotation.md#"); !ok || !slices.Contains(found, anchor) {
			t.Errorf("%s links to %q, and the headings are %q", a.ID, anchor, found)
		}
	}
}
