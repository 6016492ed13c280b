using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>A copy of all learned parameters, to go back to.</summary>
internal sealed class Snapshot(IReadOnlyList<Parameter> parameters)
{
    private readonly Matrix[] _copies = [.. parameters.Select(parameter => parameter.Read().Copy())];

    public void Carry(StateCarrier state)
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            state.Carry($"kept/{parameters[i].Name}", _copies[i]);
        }
    }

    public void Take()
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            _copies[i].CopyFrom(parameters[i].Read());
        }
    }

    public void Restore()
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            parameters[i].Read().CopyFrom(_copies[i]);
        }
    }
}
