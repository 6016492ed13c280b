using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// What stands in a claim: who has it, and a counter that goes on while its worker lives. There is no time in it: clocks differ.
/// </summary>
/// <param name="Attempt">The folder of the attempt.</param>
/// <param name="Process">The worker's process.</param>
/// <param name="Machine">Where that runs.</param>
/// <param name="Beat">The counter, with as many digits as ever, so that a claim is written over in its place.</param>
internal sealed record Lease(string Attempt, int Process, string Machine, string Beat)
{
    private const string Form = "D12";

    /// <summary>The lease of this process, at its beginning.</summary>
    public static Lease New(string attempt)
        => new(attempt, Environment.ProcessId, Environment.MachineName, 0.ToString(Form, CultureInfo.InvariantCulture));

    /// <summary>One beat later.</summary>
    public Lease Next()
        => this with { Beat = (long.Parse(Beat, CultureInfo.InvariantCulture) + 1).ToString(Form, CultureInfo.InvariantCulture) };

    /// <summary>The content of the file.</summary>
    public byte[] ToBytes() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ExperimentJson.Line), (byte)'\n'];

    /// <summary>Reads a file; null: its worker died before it had written it, or it is damaged.</summary>
    public static Lease? Read(byte[]? content)
    {
        try
        {
            return content is null or [] ? null : JsonSerializer.Deserialize<Lease>(Encoding.UTF8.GetString(content), ExperimentJson.Line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
