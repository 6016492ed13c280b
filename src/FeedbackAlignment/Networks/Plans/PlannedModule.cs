namespace FeedbackAlignment.Networks;

/// <summary>A module of a plan before it is made: what its <see cref="ModuleEntry"/> is told.</summary>
public sealed class PlannedModule
{
    /// <param name="entry">Its line in the catalog.</param>
    /// <param name="name">Its name.</param>
    /// <param name="from">The shape of its input.</param>
    /// <param name="arguments">A value for each argument of the entry.</param>
    internal PlannedModule(ModuleEntry entry, string name, Shape from, IReadOnlyList<double> arguments)
        => (Entry, Name, From, Arguments) = (entry, name, from, arguments);

    /// <summary>Its name, in files, messages and random streams.</summary>
    public string Name { get; }

    /// <summary>The shape of its input.</summary>
    public Shape From { get; }

    /// <summary>Number of its inputs: numbers per example.</summary>
    public int Inputs => From.Size;

    /// <summary>Its line in the catalog.</summary>
    internal ModuleEntry Entry { get; }

    /// <summary>A value for each argument of the entry.</summary>
    internal IReadOnlyList<double> Arguments { get; }

    /// <summary>The value of an argument: given in the plan, else its default.</summary>
    /// <param name="argument">One of the entry's arguments.</param>
    /// <exception cref="ArgumentException">The entry has no such argument.</exception>
    public double Argument(ModuleArgument argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        for (var i = 0; i < Arguments.Count; i++)
        {
            if (Entry.Arguments[i].Id == argument.Id)
            {
                return Arguments[i];
            }
        }

        throw new ArgumentException($"the module {Entry.Id} has no argument \"{argument.Id}\"", nameof(argument));
    }
}
