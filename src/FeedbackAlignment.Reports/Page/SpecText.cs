using System.Text.Encodings.Web;
using System.Text.Json;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Reports.Page;

/// <summary>A spec as the JSON that runs it again.</summary>
internal static class SpecText
{
    // The page escapes it for HTML; escaping for JSON inside HTML on top would only make it hard to read.
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(ExperimentSpec spec) => JsonSerializer.Serialize(spec, _options);
}
