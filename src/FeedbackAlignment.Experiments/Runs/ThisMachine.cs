using System.Reflection;
using System.Runtime.InteropServices;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Describes the machine and the program, for the record.</summary>
public static class ThisMachine
{
    /// <summary>Version of this package.</summary>
    public static string Version { get; } =
        typeof(ThisMachine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Describes it.</summary>
    /// <param name="clock">For the date.</param>
    public static EnvironmentRecord Describe(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new EnvironmentRecord
        {
            Version = Version,
            Runtime = RuntimeInformation.FrameworkDescription,
            System = RuntimeInformation.OSDescription,
            Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            Processors = Environment.ProcessorCount,
            VectorBits = Compute.VectorBits,
            Arithmetic = Compute.Arithmetic,
            Started = clock.GetUtcNow(),
        };
    }
}
