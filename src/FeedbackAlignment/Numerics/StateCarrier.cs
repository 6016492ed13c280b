namespace FeedbackAlignment.Numerics;

/// <summary>
/// Carries a state out of its owners into a checkpoint, or back. Who has a state names every part of it in one method, for both
/// directions, so that what is written and what is read cannot differ.
/// </summary>
internal abstract class StateCarrier
{
    /// <summary>Carries the elements of a matrix.</summary>
    /// <param name="name">What it is, for messages and for who reads the file.</param>
    /// <param name="values">Its shape and order are known to both sides.</param>
    public abstract void Carry(string name, Matrix values);

    /// <summary>Carries numbers whose count is known to both sides.</summary>
    public abstract void Carry(string name, Span<int> values);

    /// <inheritdoc cref="Carry(string, Span{int})"/>
    public abstract void Carry(string name, Span<long> values);

    /// <inheritdoc cref="Carry(string, Span{int})"/>
    public abstract void Carry(string name, Span<double> values);

    /// <summary>Carries numbers of which only the writer knows how many there are.</summary>
    /// <returns>The numbers that there are now.</returns>
    public abstract double[] CarryAll(string name, double[] values);

    /// <summary>Carries settings that must be the same on both sides.</summary>
    /// <param name="name">What they are of.</param>
    /// <param name="settings">The lines of an <see cref="Identity"/>.</param>
    public abstract void Same(string name, string settings);

    /// <summary>Says that what was carried makes no sense unless something holds.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="rule">What has to hold.</param>
    public abstract void Require(bool holds, string rule);

    /// <summary>Carries a number.</summary>
    /// <returns>The number that it is now.</returns>
    public long Carry(string name, long value)
    {
        Carry(name, new Span<long>(ref value));
        return value;
    }

    /// <inheritdoc cref="Carry(string, long)"/>
    public double Carry(string name, double value)
    {
        Carry(name, new Span<double>(ref value));
        return value;
    }

    /// <summary>Carries the place in a stream of random numbers; its key follows from the seed.</summary>
    public void Carry(string name, RandomStream random) => random.Position = (ulong)Carry(name, (long)random.Position);

    /// <summary>Carries matrices, numbered from 0.</summary>
    public void Carry(string name, IReadOnlyList<Matrix> matrices)
    {
        for (var i = 0; i < matrices.Count; i++)
        {
            Carry($"{name}/{i}", matrices[i]);
        }
    }
}
