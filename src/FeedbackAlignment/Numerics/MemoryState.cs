using System.Runtime.InteropServices;

namespace FeedbackAlignment.Numerics;

/// <summary>A state that stays in this process: to go back to where a training stood a moment ago.</summary>
internal sealed class MemoryState : StateCarrier
{
    private byte[] _bytes = [];
    private int _at;
    private bool _isTaken;

    /// <summary>Takes a state.</summary>
    /// <param name="carry">Carries all of it.</param>
    public void Take(Action<StateCarrier> carry) => Go(carry, isTaken: true);

    /// <summary>Puts the state back that was taken last.</summary>
    /// <param name="carry">Carries all of it, in the same order.</param>
    public void PutBack(Action<StateCarrier> carry) => Go(carry, isTaken: false);

    public override void Carry(string name, Matrix values)
    {
        for (var line = 0; line < values.Lines; line++)
        {
            Pass(values.Line(line));
        }
    }

    public override void Carry(string name, Span<int> values) => Pass(values);

    public override void Carry(string name, Span<long> values) => Pass(values);

    public override void Carry(string name, Span<double> values) => Pass(values);

    public override double[] CarryAll(string name, double[] values)
    {
        Span<int> length = [values.Length];
        Pass(length);
        var all = _isTaken ? values : new double[length[0]];
        Pass<double>(all);
        return all;
    }

    public override void Same(string name, string settings)
    {
    }

    public override void Require(bool holds, string rule)
    {
    }

    private void Go(Action<StateCarrier> carry, bool isTaken)
    {
        (_at, _isTaken) = (0, isTaken);
        carry(this);
    }

    private void Pass<T>(Span<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (_isTaken)
        {
            if (_bytes.Length - _at < bytes.Length)
            {
                Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, 2 * ((long)_at + bytes.Length)));
            }

            bytes.CopyTo(_bytes.AsSpan(_at));
        }
        else
        {
            _bytes.AsSpan(_at, bytes.Length).CopyTo(bytes);
        }

        _at += bytes.Length;
    }
}
