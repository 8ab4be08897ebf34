package problem

import (
	"slices"
	"strings"
	"sync"

	"github.com/s3seal/s3seal/iam/authorization"
	"github.com/s3seal/s3seal/internal/spelling"
)

// serviceSuffix ends the names of most service principals. A few end otherwise, so
// that a name is wrong only if it has no suffix, or one that is nearly this.
//
// Source: IAM user guide, reference_policies_elements_principal, "AWS service
// principals".
const serviceSuffix = "amazonaws.com"

func meantService(name string) string {
	labels := strings.Split(name, ".")
	n := len(labels)
	if n == 1 {
		if strings.Contains(name, "${") || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return "" // not even a name that a suffix would complete
		}
		return name + "." + serviceSuffix
	}
	if labels[n-1] == "amazonaws" || labels[n-1] == "amazon" {
		return strings.Join(labels[:n-1], ".") + "." + serviceSuffix
	}
	suffix := strings.Join(labels[n-2:], ".")
	if d := spelling.Distance(suffix, serviceSuffix); n > 2 && d > 0 && d <= 2 {
		return strings.Join(labels[:n-2], ".") + "." + serviceSuffix
	}
	return ""
}

// furtherServices are principals, without their suffix, that aren't called as the
// prefix of a service's actions.
//
// Source: the pages of the services, and the trust policies of the AWS managed
// policies of roles for services.
var furtherServices = []string{
	"billingreports", "delivery.logs", "ecs-tasks", "edgelambda", "logdelivery.elasticloadbalancing", "logging.s3",
}

var services = sync.OnceValue(func() []string { return slices.Concat(furtherServices, authorization.Services()) })

// nearService is the service principal that one which isn't known is a slip of
// the keys away from; "". AWS has no list of them, so that a name may be right
// that isn't known: a short one, one that differs in a digit, which is a version,
// and one of several words say nothing.
func nearService(name string) string {
	word, ok := strings.CutSuffix(name, "."+serviceSuffix)
	if !ok || slices.Contains(services(), word) {
		return ""
	}
	for _, known := range services() {
		if slipped(word, known) {
			return known + "." + serviceSuffix
		}
	}
	return ""
}

// slipped: two letters of a word stand the wrong way round, or one of them is
// missing, too many or another.
func slipped(word, known string) bool {
	const digits = "0123456789"
	if len(known) < 6 || len(word) > 64 || strings.ContainsAny(word, digits) || strings.ContainsAny(known, digits) {
		return false
	}
	switch spelling.Distance(word, known) {
	case 1:
		return true
	case 2:
		return slices.Equal(sorted(word), sorted(known))
	}
	return false
}

func sorted(word string) []byte {
	letters := []byte(word)
	slices.Sort(letters)
	return letters
}
