using System.Globalization;
using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Page;

/// <summary>The machine and the program as names and values.</summary>
internal static class EnvironmentFacts
{
    public static IReadOnlyList<FactModel> Of(EnvironmentRecord environment) =>
    [
        new("FeedbackAlignment", environment.Version),
        new("Runtime", environment.Runtime),
        new("System", environment.System),
        new("Processor", $"{environment.Architecture}, {environment.Processors} usable, vectors of {environment.VectorBits} bits{environment.ArithmeticRemark}"),
        new("Started", environment.Started.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)),
    ];
}
