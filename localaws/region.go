package localaws

import (
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/partition"
	"github.com/s3seal/s3seal/internal/spelling"
)

// checkRegions refuses a Region that AWS doesn't have: a typing error would only
// show as signatures that are wrong.
func checkRegions(regions []string) error {
	for _, region := range regions {
		if partition.HasRegion(region) {
			continue
		}
		if near := spelling.Similar(region, partition.Regions()); len(near) > 0 {
			return fmt.Errorf("no such Region %q: did you mean %s?", region, strings.Join(near, " or "))
		}
		return fmt.Errorf("no such Region %q: give a Region's code, such as us-east-1", region)
	}
	return nil
}
