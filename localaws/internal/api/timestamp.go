package api

import (
	"encoding/json"
	"math"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// Timestamp is a time as each protocol writes it: AWS JSON in seconds, CBOR in
// tagged seconds, the query protocol as text. It reads seconds and text.
//
// Source: Smithy, timestampFormat trait and the pages of the protocols.
type Timestamp struct{ time.Time }

// TimestampOf is a time as a Timestamp; nil of the zero time, which is left out.
func TimestampOf(t time.Time) *Timestamp {
	if t.IsZero() {
		return nil
	}
	return &Timestamp{t}
}

// MarshalJSON implements json.Marshaler.
func (t Timestamp) MarshalJSON() ([]byte, error) { return json.Marshal(EpochSeconds(t.Time)) }

// UnmarshalJSON implements json.Unmarshaler.
func (t *Timestamp) UnmarshalJSON(b []byte) error {
	var seconds float64
	if err := json.Unmarshal(b, &seconds); err != nil {
		return json.Unmarshal(b, &t.Time)
	}
	const most = 253402300799 // the end of the year 9999
	if math.Abs(seconds) > most {
		return &time.ParseError{Value: string(b), Message: ": a time of the years 1 to 9999 is needed"}
	}
	t.Time = time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
	return nil
}

// MarshalCBOR implements cbor.Marshaler.
func (t Timestamp) MarshalCBOR() ([]byte, error) {
	return cbor.Marshal(cbor.Tag{Number: 1, Content: EpochSeconds(t.Time)})
}

// text is the form of the query protocol.
func (t Timestamp) text() string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
