using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Training;

/// <summary>A copy of all learned parameters, and of what modules remember besides, to go back to.</summary>
internal sealed class Snapshot(IReadOnlyList<Parameter> parameters, IReadOnlyList<ModuleBuffer> buffers)
{
    private readonly Matrix[] _copies = [.. parameters.Select(parameter => parameter.Read().Copy())];
    private readonly Matrix[] _buffers = [.. buffers.Select(buffer => buffer.Values.Copy())];

    public void Carry(StateCarrier state)
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            state.Carry($"kept/{parameters[i].Name}", _copies[i]);
        }

        for (var i = 0; i < _buffers.Length; i++)
        {
            state.Carry($"kept/{buffers[i].Name}", _buffers[i]);
        }
    }

    public void Take()
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            _copies[i].CopyFrom(parameters[i].Read());
        }

        for (var i = 0; i < _buffers.Length; i++)
        {
            _buffers[i].CopyFrom(buffers[i].Values);
        }
    }

    public void Restore()
    {
        for (var i = 0; i < _copies.Length; i++)
        {
            parameters[i].Read().CopyFrom(_copies[i]);
        }

        for (var i = 0; i < _buffers.Length; i++)
        {
            buffers[i].Values.CopyFrom(_buffers[i]);
        }
    }
}
