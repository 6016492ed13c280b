using System.Runtime.CompilerServices;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Live.Tests.Playground;

/// <summary>The tests compute as a browser does, so that its bits can be compared with theirs.</summary>
internal static class ArithmeticOfTests
{
    /// <summary>Comes before all that computes.</summary>
    [ModuleInitializer]
    internal static void Choose() => AppContext.SetSwitch(Compute.SeparateArithmeticSwitch, true);
}
