package lambda

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

func writeJSON(w http.ResponseWriter, c api.Call, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("x-amzn-RequestId", c.RequestID)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// writeError writes err as the REST JSON protocol does: the code is in a
// header, the body has the message.
func writeError(w http.ResponseWriter, c api.Call, err error) {
	e := api.AsError(err)
	body := map[string]string{"Type": "User", "message": e.Message}
	if e.Status >= 500 {
		body["Type"] = "Service"
	}
	maps.Copy(body, e.Detail)
	w.Header().Set("X-Amzn-ErrorType", e.Code)
	writeJSON(w, c, e.Status, body)
}

// invalid is Lambda's error for a value that it does not take.
func invalid(format string, args ...any) error {
	return api.Errorf(http.StatusBadRequest, "InvalidParameterValueException", format, args...)
}

func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
