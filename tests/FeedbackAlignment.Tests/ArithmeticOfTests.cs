using System.Runtime.CompilerServices;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests;

/// <summary>
/// Tests run with the arithmetic that <c>FA_ARITHMETIC</c> names: <c>fused</c>, which is also meant if it says nothing, or <c>separate</c>.
/// </summary>
internal static class ArithmeticOfTests
{
    /// <summary>Comes before all that computes.</summary>
    [ModuleInitializer]
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable("FA_ARITHMETIC") is { } name)
        {
            AppContext.SetSwitch(Compute.SeparateArithmeticSwitch, Enum.Parse<Arithmetic>(name, ignoreCase: true) == Arithmetic.Separate);
        }
    }
}
