using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FeedbackAlignment.Numerics;

/// <summary>Work that is written once for all vector widths and both kinds of arithmetic.</summary>
internal interface ILanesWork
{
    /// <summary>Does it.</summary>
    /// <typeparam name="T">One vector.</typeparam>
    void Run<T>()
        where T : struct, ILanes<T>;
}

/// <summary>
/// The one place that chooses the vectors and the kind of arithmetic. Width and kind are constants of the process: the compiler drops
/// what they rule out, and native code asks once for each piece of work.
/// </summary>
internal static class Lanes
{
    private static readonly bool _areSeparate = AppContext.TryGetSwitch(Compute.SeparateArithmeticSwitch, out var isOn) ? isOn
        : OperatingSystem.IsBrowser() || OperatingSystem.IsWasi();

    /// <summary>Whether products are rounded before they are added.</summary>
    [FeatureSwitchDefinition(Compute.SeparateArithmeticSwitch)]
    public static bool AreSeparate => _areSeparate;

    /// <summary>Does some work with the widest vectors there are.</summary>
    /// <param name="work">The work.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TWork>(ref TWork work)
        where TWork : struct, ILanesWork, allows ref struct
    {
        if (AreSeparate)
        {
            Run<TWork, Separate>(ref work);
        }
        else
        {
            Run<TWork, Fused>(ref work);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TWork, TArithmetic>(ref TWork work)
        where TWork : struct, ILanesWork, allows ref struct
        where TArithmetic : struct, IArithmetic
    {
        if (Vector512.IsHardwareAccelerated)
        {
            work.Run<Lanes512<TArithmetic>>();
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            work.Run<Lanes256<TArithmetic>>();
        }
        else
        {
            work.Run<Lanes128<TArithmetic>>();
        }
    }
}
