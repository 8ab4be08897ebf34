package s3

import (
	"encoding/xml"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// fail writes an error as S3 does. HEAD answers have no body: only the status
// tells the error.
//
// Source: S3 API reference, ErrorResponses and API_HeadObject.
func (rq *request) fail(err error) *api.Error {
	e := asError(err)
	rq.ErrorCode = e.Code
	if rq.w.status != 0 {
		// The answer has begun. Its body stays shorter than the
		// Content-Length says, so the client sees that it was cut off.
		return e
	}
	if e.Status == http.StatusNotModified || rq.Request.Method == http.MethodHead {
		rq.w.WriteHeader(e.Status)
		return e
	}
	out := errorDocument{Code: e.Code, Message: e.Message, RequestID: rq.Call.RequestID, HostID: HostID}
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		out.Detail = append(out.Detail, textElement{xml.Name{Local: name}, e.Detail[name]})
	}
	_ = rq.answer(e.Status, out) // fails if the client has gone
	return e
}

func asError(err error) *api.Error {
	var e *api.Error
	if errors.As(err, &e) {
		return e
	}
	return api.Errorf(500, "InternalError", "%v", err)
}

type errorDocument struct {
	XMLName   xml.Name `xml:"Error"`
	Code      string
	Message   string
	Detail    []textElement
	RequestID string `xml:"RequestId"`
	HostID    string `xml:"HostId"`
}

type textElement struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
}
