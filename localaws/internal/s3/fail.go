package s3

import (
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// fail writes an error as S3 does. HEAD answers have no body: only the status
// tells the error.
//
// Source: S3 API reference, ErrorResponses and API_HeadObject.
func (rq *request) fail(err error) {
	var e *api.Error
	if !errors.As(err, &e) {
		e = api.Errorf(500, "InternalError", "%v", err)
	}
	rq.errorCode = e.Code
	if rq.w.status != 0 {
		// The answer has begun. Its body stays shorter than the
		// Content-Length says, so the client sees that it was cut off.
		return
	}
	h := rq.w.Header()
	if e.Status == http.StatusNotModified || rq.r.Method == http.MethodHead {
		rq.w.WriteHeader(e.Status)
		return
	}
	var b strings.Builder
	b.WriteString(xml.Header + "<Error>")
	element(&b, "Code", e.Code)
	element(&b, "Message", e.Message)
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		element(&b, name, e.Detail[name])
	}
	element(&b, "RequestId", rq.call.RequestID)
	element(&b, "HostId", hostID)
	b.WriteString("</Error>")
	h.Set("Content-Type", "application/xml")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	rq.w.WriteHeader(e.Status)
	rq.w.Write([]byte(b.String()))
}

func element(b *strings.Builder, name, text string) {
	b.WriteString("<" + name + ">")
	xml.EscapeText(b, []byte(text))
	b.WriteString("</" + name + ">")
}

// detail adds members to the body of an error.
func detail(e *api.Error, pairs ...string) *api.Error {
	e.Detail = map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		e.Detail[pairs[i]] = pairs[i+1]
	}
	return e
}

func accessDenied() *api.Error { return api.Errorf(403, "AccessDenied", "Access Denied") }

func noSuchBucket(name string) *api.Error {
	return detail(api.Errorf(404, "NoSuchBucket", "The specified bucket does not exist"), "BucketName", name)
}

func noSuchKey(key string) *api.Error {
	return detail(api.Errorf(404, "NoSuchKey", "The specified key does not exist."), "Key", key)
}

func noSuchVersion(key, id string) *api.Error {
	return detail(api.Errorf(404, "NoSuchVersion", "The specified version does not exist."), "Key", key, "VersionId", id)
}

func invalidRequest(format string, args ...any) *api.Error {
	return api.Errorf(400, "InvalidRequest", format, args...)
}

// invalidArgument names the argument as S3 does. value "" is left out.
func invalidArgument(message, name, value string) *api.Error {
	e := detail(api.Errorf(400, "InvalidArgument", "%s", message), "ArgumentName", name)
	if value != "" {
		e.Detail["ArgumentValue"] = value
	}
	return e
}

func malformedXML(format string, args ...any) *api.Error {
	return api.Errorf(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema: %s",
		fmt.Sprintf(format, args...))
}

func preconditionFailed(condition string) *api.Error {
	return detail(api.Errorf(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"), "Condition", condition)
}
