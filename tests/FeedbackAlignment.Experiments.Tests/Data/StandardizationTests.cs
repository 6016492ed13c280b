using System.Text.Json;
using FeedbackAlignment.Experiments.Data;

namespace FeedbackAlignment.Experiments.Tests.Data;

public sealed class StandardizationTests
{
    [Theory]
    [InlineData("""{ "means": [1, 2, 3], "deviations": [1, 1, 1, 1] }""", "3 means and 4 deviations")]
    [InlineData("""{ "means": [], "deviations": [] }""", "0 means and 0 deviations")]
    public void NumbersThatDoNotBelongTogetherAreRefusedWhereTheyAreRead(string json, string reason)
        => Assert.Contains(
            reason, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Standardization>(json, ExperimentJson.Line)).Message,
                StringComparison.Ordinal);

    [Fact]
    public void OthersAreReadAsTheyStand()
        => Assert.Equal(
            [1f, 2], JsonSerializer.Deserialize<Standardization>(
                """{ "means": [1, 2], "deviations": [0, 3] }""", ExperimentJson.Line)!.Means);
}
