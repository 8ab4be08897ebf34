package account

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// A key may retire only when no URL can upload under it any more; what can't be
// read counts as the longest one.
func TestAURLIsALongWrite(t *testing.T) {
	t.Parallel()
	variables := func(seconds string) *types.EnvironmentResponse {
		return &types.EnvironmentResponse{Variables: map[string]string{"PUT_URL_SECONDS": seconds}}
	}
	for name, c := range map[string]struct {
		environment *types.EnvironmentResponse
		want        time.Duration
	}{
		"none":            {&types.EnvironmentResponse{Variables: map[string]string{"SECRET_ARN": "arn"}}, time.Minute},
		"an hour":         {variables("3600"), time.Minute + 25*time.Hour},
		"not a number":    {variables("1h"), time.Minute + 36*time.Hour},
		"nothing":         {variables(""), time.Minute + 36*time.Hour},
		"too long":        {variables("99999999999"), time.Minute + 36*time.Hour},
		"not decrypted":   {&types.EnvironmentResponse{Error: &types.EnvironmentError{}}, time.Minute + 36*time.Hour},
		"no environment?": {nil, time.Minute + 36*time.Hour},
	} {
		s := &SSEC{Functions: []Function{{Timeout: time.Minute, PutURLs: putURLs(c.environment)}, {Timeout: time.Second}}}
		if got := s.LongestWrite(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
