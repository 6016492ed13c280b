using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// The kind of arithmetic of this process. It can be chosen until the first number is computed; what is gone on with chooses its own, for
/// the other kind gives other bits.
/// </summary>
public static class ArithmeticOfProcess
{
    /// <summary>The word for a kind, in files and options.</summary>
    /// <param name="kind">The kind.</param>
    public static string Word(Arithmetic kind) => kind == Arithmetic.Separate ? "separate" : "fused";

    /// <summary>Has this process compute with a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Whether it does; no: it has begun to compute with the other.</returns>
    public static bool TryTake(Arithmetic kind)
    {
        AppContext.SetSwitch(Compute.SeparateArithmeticSwitch, kind == Arithmetic.Separate);
        return Compute.Arithmetic == kind;
    }

    /// <summary>Has this process compute as something was computed that it goes on with.</summary>
    /// <param name="what">What it is, for the message: its folder.</param>
    /// <param name="kind">Its kind.</param>
    /// <exception cref="FolderException">The process computes with the other kind.</exception>
    public static void Take(string what, Arithmetic kind)
    {
        _ = TryTake(kind);
        Require(what, kind);
    }

    /// <summary>Makes sure that this process computes as something was computed that it goes on with.</summary>
    /// <param name="what">What it is, for the message: its folder.</param>
    /// <param name="kind">Its kind.</param>
    /// <exception cref="FolderException">The process computes with the other kind.</exception>
    public static void Require(string what, Arithmetic kind)
    {
        if (Compute.Arithmetic != kind)
        {
            throw new FolderException(
                $"{what}: was begun with {Word(kind)} arithmetic, and {Word(Compute.Arithmetic)} would give other bits; "
                + $"go on with --arithmetic {Word(kind)}");
        }
    }
}
