// Package fault makes the errors of S3 in S3's own words.
//
// Source: S3 API reference, ErrorResponses.
package fault

import (
	"fmt"
	"net/http"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// With adds members to the body of an error: a name and a value each.
func With(e *api.Error, pairs ...string) *api.Error {
	e.Detail = map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		e.Detail[pairs[i]] = pairs[i+1]
	}
	return e
}

func AccessDenied() *api.Error { return api.Errorf(403, "AccessDenied", "Access Denied") }

func NoSuchBucket(name string) *api.Error {
	return With(api.Errorf(404, "NoSuchBucket", "The specified bucket does not exist"), "BucketName", name)
}

func NoSuchKey(key string) *api.Error {
	return With(api.Errorf(404, "NoSuchKey", "The specified key does not exist."), "Key", key)
}

func NoSuchVersion(key, id string) *api.Error {
	return With(api.Errorf(404, "NoSuchVersion", "The specified version does not exist."), "Key", key, "VersionId", id)
}

func InvalidRequest(format string, args ...any) *api.Error {
	return api.Errorf(400, "InvalidRequest", format, args...)
}

// InvalidArgument names the argument as S3 does. value "" is left out.
func InvalidArgument(message, name, value string) *api.Error {
	e := With(api.Errorf(400, "InvalidArgument", "%s", message), "ArgumentName", name)
	if value != "" {
		e.Detail["ArgumentValue"] = value
	}
	return e
}

func MalformedXML(format string, args ...any) *api.Error {
	return api.Errorf(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema: %s",
		fmt.Sprintf(format, args...))
}

func PreconditionFailed(condition string) *api.Error {
	return With(api.Errorf(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"), "Condition", condition)
}

// NotImplemented names what S3 has and the local AWS has not.
func NotImplemented(what string) *api.Error {
	return api.Errorf(http.StatusNotImplemented, "NotImplemented", "the local AWS does not implement %s", what)
}
