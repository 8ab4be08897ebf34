package s3

import (
	"encoding/xml"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// answer writes a document. The root element's name comes from v's XMLName.
func (rq *request) answer(status int, v any) error {
	out, err := xml.Marshal(v)
	if err != nil {
		return err
	}
	return rq.answerBytes(status, "application/xml", append([]byte(xml.Header), out...))
}

func (rq *request) answerBytes(status int, contentType string, body []byte) error {
	h := rq.w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	rq.w.WriteHeader(status)
	_, err := rq.w.Write(body)
	return err
}

// done answers without a body.
func (rq *request) done(status int) error {
	if status != http.StatusNoContent {
		rq.w.Header().Set("Content-Length", "0")
	}
	rq.w.WriteHeader(status)
	return nil
}

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
