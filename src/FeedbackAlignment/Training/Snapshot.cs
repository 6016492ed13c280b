using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>A copy of all learned parameters, and of what modules remember besides, to go back to.</summary>
internal sealed class Snapshot(IReadOnlyList<Parameter> parameters, IReadOnlyList<ModuleBuffer> buffers)
{
    private readonly Kept[] _kept =
    [
        .. parameters.Select(parameter => new Kept(parameter.Name, parameter.Read, parameter.Read().Copy())),
        .. buffers.Select(buffer => new Kept(buffer.Name, () => buffer.Values, buffer.Values.Copy())),
    ];

    public void Carry(StateCarrier state)
    {
        foreach (var kept in _kept)
        {
            state.Carry($"kept/{kept.Name}", kept.Copy);
        }
    }

    public void Take()
    {
        foreach (var kept in _kept)
        {
            kept.Copy.CopyFrom(kept.Read());
        }
    }

    public void Restore()
    {
        foreach (var kept in _kept)
        {
            kept.Read().CopyFrom(kept.Copy);
        }
    }

    /// <summary>Numbers and their copy.</summary>
    /// <param name="Name">What they are called.</param>
    /// <param name="Read">Gives the numbers as they are now.</param>
    /// <param name="Copy">The copy.</param>
    private sealed record Kept(string Name, Func<Matrix> Read, Matrix Copy);
}
